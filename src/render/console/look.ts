/** What a rendering is drawn with. */
export interface Look {
  paint: Paint
  glyphs: Glyphs
  /** How a time is written: milliseconds, or a share of the request. */
  formatTime: (ms: number) => string
}

/** Puts text into a colour; returns it unchanged where there are no colours. */
export type Paint = (style: Style, text: string) => string

/** What a piece of text is, which decides its colour. */
export type Style = keyof typeof COLORS

// SGR parameters. Only the 16 basic colours: terminals fit them to their light or dark theme.
const COLORS = {
  title: '1',
  application: '1',
  faint: '2',
  error: '1;31',
  hot: '31',
  warm: '33',
  mild: '32',
  cold: '2;32',
  cpu: '94',
  await: '36',
  blocked: '35',
  gc: '34',
} as const

/** The characters that a rendering draws with. */
export interface Glyphs {
  /** Before a child that has siblings below it, and before the lines below that child. */
  branch: string
  pipe: string
  /** Before the last child, and before the lines below it. */
  last: string
  space: string
  /** Between a request and its status. */
  arrow: string
  /** Where text was cut. */
  ellipsis: string
  /** The mark of the header: a small flame, and a small flame graph. */
  mark: readonly string[]
}

/** Box-drawing characters. */
export const UNICODE: Glyphs = {
  branch: '├─ ',
  pipe: '│  ',
  last: '└─ ',
  space: '   ',
  arrow: '→',
  ellipsis: '…',
  mark: ['   ▃      ', '  ▄█▅▂    ', '▅▇████▇▆▃ '],
}

/** For terminals and files that know no Unicode. */
export const ASCII: Glyphs = {
  branch: '|- ',
  pipe: '|  ',
  last: '`- ',
  space: '   ',
  arrow: '->',
  ellipsis: '...',
  mark: ['    )     ', '  (( )    ', ' (( )())  '],
}

/** Two blanks a level and nothing to draw: the shortest tree, for readers that are models. */
export const PLAIN: Glyphs = { ...UNICODE, branch: '  ', pipe: '  ', last: '  ', space: '  ' }

/** Leaves text without colours. */
export function paintPlain(_style: Style, text: string): string {
  return text
}

/** Colours text for terminals. */
export function paintColor(style: Style, text: string): string {
  return text && `\u001b[${COLORS[style]}m${text}\u001b[0m`
}

/** The style of a time by its share of the whole request. */
export function heat(share: number): Style {
  if (share > 0.6) {
    return 'hot'
  }
  if (share > 0.2) {
    return 'warm'
  }
  return share > 0.05 ? 'mild' : 'cold'
}
