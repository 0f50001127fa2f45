/** Colours of charts, defined by the style sheet for light and dark. */
export const chartColours = {
  real: 'var(--real)',
  earlier: 'var(--earlier)',
  accepted: 'var(--accepted)',
  rejected: 'var(--rejected)',
  ink: 'var(--ink)',
  muted: 'var(--muted)',
} as const;
