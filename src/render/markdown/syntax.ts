/** Text as Markdown source, where nothing in it has a meaning of its own. The text has no line breaks. */

/** Escapes what could start emphasis, code, a link, HTML, an entity or a table cell. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>&|~]/g, '\\$&')
}

/** Code within a line. */
export function codeSpan(text: string): string {
  const ticks = '`'.repeat(longestRun(text) + 1)
  const padding = text.startsWith('`') || text.endsWith('`') ? ' ' : ''
  return `${ticks}${padding}${text}${padding}${ticks}`
}

/** Code within a table cell, where GitHub's Markdown wants a bar escaped even in code. */
export function codeCell(text: string): string {
  return text ? codeSpan(text).replaceAll('|', '\\|') : ''
}

/** Lines as a code block. */
export function fenced(lines: readonly string[]): string {
  const longest = lines.reduce((most, line) => Math.max(most, longestRun(line)), 2)
  const fence = '`'.repeat(longest + 1)
  return [`${fence}text`, ...lines, fence].join('\n')
}

function longestRun(text: string): number {
  const runs = text.match(/`+/g) ?? []
  return runs.reduce((longest, run) => Math.max(longest, run.length), 0)
}
