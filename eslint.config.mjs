import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Which packages a package may import: libraries stay apart, only augment-cli composes. */
const boundaries = {
  'tfjs-onnx': [],
  'dataset-io': [],
  'gan-core': ['tfjs-onnx'],
  'quality-eval': ['tfjs-onnx'],
  'augment-cli': ['dataset-io', 'gan-core', 'quality-eval', 'tfjs-onnx'],
};

export default tseslint.config(
  { ignores: ['**/dist/', '**/out-tsc/', '**/node_modules/', '.nx/', 'examples/', 'tmp/'] },
  js.configs.recommended,
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        console: 'readonly',
        process: 'readonly',
        performance: 'readonly',
        Buffer: 'readonly',
      },
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: true,
          depConstraints: Object.entries(boundaries).map(([name, allowed]) => ({
            sourceTag: `scope:${name}`,
            onlyDependOnLibsWithTags: allowed.map((other) => `scope:${other}`),
          })),
        },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.property.name=/^(push|unshift)$/] > SpreadElement',
          message: 'More than some 120,000 arguments overflow the stack: add them one by one.',
        },
      ],
    },
  },
);
