/** Our own options, varied one at a time: the flags that each arm adds to the defaults. */
export const ablations = {
  default: [],
  'strong-augment': ['--diff-augment', 'strong'],
  'no-diff-augment': ['--diff-augment', 'none'],
  'dcgan-step-sizes': ['--learning-rate-g', '0.0002', '--learning-rate-d', '0.0002'],
  'batch-64': ['--batch-size', '64'],
  'latent-128': ['--latent-dim', '128'],
  base32: ['--preset', 'base32'],
  'lecam-0.3': ['--lecam', '0.3'],
  'lecam-0.005': ['--lecam', '0.005'],
  hinge: ['--loss', 'hinge'],
  r3gan: ['--loss', 'relativistic', '--gradient-penalty', '0.05'],
  'conditional-from-16': ['--conditional-from', '16'],
  'input-noise': ['--input-noise', '0.1'],
  'label-smoothing': ['--label-smoothing', '0.1'],
  'wide-discriminator': ['--discriminator-widths', '256,128,64'],
  'per-class': ['--per-class'],
};
