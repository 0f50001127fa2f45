import { packageTests } from '../../vitest.shared.mjs';

export default packageTests(import.meta.dirname);
