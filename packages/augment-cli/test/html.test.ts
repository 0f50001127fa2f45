import { expect, it } from 'vitest';
import { html } from '../src/report/html.js';

it('escapes every value that is not HTML itself', () => {
  const label = `<img src=x onerror="alert('1')">&\u0000`;
  const inner = html`<b>${label}</b>`;
  expect(html`<p title="${label}">${inner}${[inner]}${7}</p>`.text).not.toMatch(
    /<img|onerror="|'1'/,
  );
  expect(inner.text).toBe('<b>&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp; </b>');
});
