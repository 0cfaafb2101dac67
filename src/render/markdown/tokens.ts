/**
 * How many tokens a text has for a language model, rather too many than too few: tokenizers differ, but all cut
 * between letters, digits and signs, keep common words whole, and split long or rare ones.
 */
export function estimateTokens(text: string): number {
  let tokens = 0
  for (const [piece] of text.matchAll(PIECE)) {
    tokens += Math.ceil(piece.length / longestToken(piece))
  }
  return tokens
}

/** Words with the blank before them, numbers, blanks at the start of a line, runs of one sign, all else. */
const PIECE = / ?[A-Za-z]+|\d+|[ \n]+|([!-/:-@[-`{-~])\1*|[^\0-\x7f]/gu

/** The most characters of a piece in one token: tokenizers group digits by three, letters by about six. */
function longestToken(piece: string): number {
  if (/\d/.test(piece)) {
    return 3
  }
  return /[A-Za-z]/.test(piece) ? 6 : piece.charCodeAt(0) < 128 ? 16 : 1
}
