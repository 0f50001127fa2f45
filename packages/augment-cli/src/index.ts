export { runCli, type CliContext } from './cli.js';
export { commands } from './commands/index.js';
export { optionsPage } from './options/options-page.js';
