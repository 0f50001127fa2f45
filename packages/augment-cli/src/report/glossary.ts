import { html, type Html } from './html.js';

const terms = [
  [
    'Score',
    'Rank of an image among held-out real images of its class, by the discriminator: .3 says that 30 % of real images look less real to it. It puts images in an order; it is no probability of being real.',
  ],
  [
    'Novelty',
    'Distance to the nearest train image, 1 where an image counts as a copy. About 1 % of fresh real images lie below 1 by chance.',
  ],
  [
    'Held-out images',
    'Real images that training never saw. All figures are measured against them; the fewer there are, the less can be told.',
  ],
  [
    'Kernel distance (KID)',
    'How far two sets of images are from coming from one source: around 0 where nothing differs, negative values included. Compare it with the floor, real images among themselves, not with figures from elsewhere.',
  ],
  [
    'Density, coverage',
    'How deep generated images lie among real ones, and the share of real images with a generated one near them.',
  ],
  [
    'C_T, authentic share',
    'Tests for copying of a whole set: C_T below -3 is a warning. They miss single copies; the pairs show those.',
  ],
] as const;

/** What the words on the page mean. */
export function glossary(): Html {
  return html`<section aria-labelledby="words">
    <h2 id="words">How to read this</h2>
    <dl class="glossary">
      ${terms.map(
        ([term, meaning]) =>
          html`<dt>${term}</dt>
            <dd>${meaning}</dd>`,
      )}
    </dl>
  </section>`;
}
