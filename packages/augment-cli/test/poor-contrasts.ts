/** Texts whose contrast to what they stand on is below 4.5 (WCAG 2.2, 1.4.3). Runs in a page. */
export function poorContrasts(): string[] {
  const luminance = (colour: string) => {
    const [r = 0, g = 0, b = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => {
      const value = Number(part) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const groundOf = (element: Element | null): string => {
    if (!element) return 'rgb(255, 255, 255)';
    const { backgroundColor } = getComputedStyle(element);
    return backgroundColor.endsWith(', 0)') ? groundOf(element.parentElement) : backgroundColor;
  };
  const hasText = ({ childNodes }: Element) =>
    Array.from(childNodes).some(
      ({ nodeType, textContent }) =>
        nodeType === Node.TEXT_NODE && (textContent ?? '').trim() !== '',
    );
  return Array.from(document.querySelectorAll('body *:not(script, style)'))
    .filter(hasText)
    .flatMap((element) => {
      const style = getComputedStyle(element);
      const isDrawn = element.namespaceURI?.endsWith('svg') === true;
      const text = luminance(isDrawn ? style.fill : style.color);
      const ground = luminance(groundOf(element));
      const contrast = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
      return contrast < 4.5
        ? [`${contrast.toFixed(2)} ${element.tagName} ${element.textContent}`]
        : [];
    });
}
