export { runCli, type CliContext } from './cli.js';
