import { Writable } from 'node:stream';

/** A terminal that shows what is written to it; it knows the control sequences that progress bars use. */
export interface Screen {
  readonly stream: Writable & { readonly isTTY: true; readonly columns: number };
  /** Its lines, without blanks at their ends. */
  lines(): string[];
  readonly isCursorShown: boolean;
  /** Whether long lines go on to the next. */
  readonly isWrapping: boolean;
}

/** Opens a screen of endless lines. */
export function openScreen(columns: number): Screen {
  const rows: string[][] = [];
  const modes = new Map([
    ['?7', true],
    ['?25', true],
  ]);
  let [row, column] = [0, 0];
  let saved = [0, 0];

  function cellsOf(at: number): string[] {
    while (rows.length <= at) rows.push([]);
    return rows[at] ?? [];
  }

  function put(character: string): void {
    if (character === '\n') [row, column] = [row + 1, 0];
    else if (character === '\r') column = 0;
    else {
      if (column === columns) [row, column] = modes.get('?7') ? [row + 1, 0] : [row, columns - 1];
      const cells = cellsOf(row);
      while (cells.length < column) cells.push(' ');
      cells[column++] = character;
    }
  }

  function obey(parameter: string, letter: string): void {
    if (letter === 'G') column = Number(parameter) - 1;
    else if (letter === 'K') cellsOf(row).splice(parameter === '2' ? 0 : column);
    else if (letter === 'h' || letter === 'l') modes.set(parameter, letter === 'h');
    else throw new Error(`Expected a known control sequence but received ${parameter}${letter}.`);
  }

  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const text = chunk.toString().replaceAll('\u001b', '␛');
      const parts = text.matchAll(/␛\[([?\d]*)([A-Za-z])|␛([78])|(.)/gsu);
      for (const [, parameter = '', letter, place, character] of parts) {
        if (letter !== undefined) obey(parameter, letter);
        else if (place === '7') saved = [row, column];
        else if (place === '8') [row = 0, column = 0] = saved;
        else if (character !== undefined) put(character);
      }
      done();
    },
  });
  return {
    stream: Object.assign(stream, { isTTY: true as const, columns }),
    lines: () => rows.map((cells) => cells.join('').trimEnd()),
    get isCursorShown() {
      return modes.get('?25') ?? false;
    },
    get isWrapping() {
      return modes.get('?7') ?? false;
    },
  };
}
