import type { JSX } from 'hono/jsx/dom/jsx-runtime'

/** A text in which the first place that matches is marked. */
export function Marked({
  text,
  pattern,
}: {
  text: string
  pattern: RegExp | undefined
}): JSX.Element {
  const match = pattern?.exec(text)
  if (!match?.[0]) {
    return <>{text}</>
  }
  const end = match.index + match[0].length
  return (
    <>
      {text.slice(0, match.index)}
      <mark>{match[0]}</mark>
      {text.slice(end)}
    </>
  )
}
