/** What a key can ask for. */
export type KeyCommand =
  | 'accept'
  | 'reject'
  | 'clear'
  | 'undo'
  | 'help'
  | 'nextUndecided'
  | 'left'
  | 'right'
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'first'
  | 'last';

/** Every key, by its name in keyboard events; letters in lower case. */
const commands = new Map<string, KeyCommand>([
  ['a', 'accept'],
  ['enter', 'accept'],
  ['r', 'reject'],
  ['x', 'reject'],
  ['delete', 'reject'],
  ['backspace', 'reject'],
  ['c', 'clear'],
  ['u', 'undo'],
  ['n', 'nextUndecided'],
  ['?', 'help'],
  ['arrowleft', 'left'],
  ['arrowright', 'right'],
  ['arrowup', 'up'],
  ['arrowdown', 'down'],
  ['pageup', 'pageUp'],
  ['pagedown', 'pageDown'],
  ['home', 'first'],
  ['end', 'last'],
]);

/** The keys as the help lists them. */
export const keyHelp: readonly (readonly [keys: string, what: string])[] = [
  ['A or Enter', 'accept and go on'],
  ['R, X, Delete or Backspace', 'reject and go on'],
  ['C', 'clear the decision'],
  ['U or Ctrl+Z', 'undo, as often as there was something done'],
  ['N', 'go to the next undecided image'],
  ['Arrows, Page Up, Page Down, Home, End', 'go to another image'],
  ['?', 'this list'],
];

/** What a key press asks for; undefined where it belongs to a field, a button or the browser. */
export function commandOf(event: KeyboardEvent): KeyCommand | undefined {
  const { target, ctrlKey, metaKey, altKey } = event;
  const key = event.key.toLowerCase();
  if (target instanceof Element && target.closest('input, select, dialog')) return undefined;
  if (ctrlKey || metaKey) return key === 'z' && !event.shiftKey && !altKey ? 'undo' : undefined;
  if (altKey) return undefined;
  const isButton = target instanceof Element && target.closest('button, summary') !== null;
  if (isButton && key === 'enter') return undefined;
  return commands.get(key);
}
