import { countReaching } from './count-reaching.js';
import { filterCommand } from './filter-command.js';
import { startSliders } from './start-sliders.js';

/** The report's script as text: functions that use nothing from outside of them, as the compiler left them. */
export const pageScript = `(${startSliders.toString()})({
  countReaching: ${countReaching.toString()},
  filterCommand: ${filterCommand.toString()},
});`;
