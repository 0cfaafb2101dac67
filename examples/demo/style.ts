/** The style of the demo's pages, in light and dark. */
export const css = `
:root {
  color-scheme: light dark;
  --text: light-dark(#1d2129, #e4e6eb);
  --soft: light-dark(#5b6472, #9aa3b2);
  --line: light-dark(#dde1e7, #343a45);
  --ground: light-dark(#f6f7f9, #14171c);
  --card: light-dark(#fff, #1c2027);
  --accent: light-dark(#c2410c, #fb923c);
}
* { box-sizing: border-box }
body {
  margin: 0;
  background: var(--ground);
  color: var(--text);
  font: 16px/1.5 system-ui, sans-serif;
}
main { max-width: 64rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem }
h1 { margin: 0 0 .5rem; font-size: 1.9rem; letter-spacing: -.02em }
h2 { margin: 2rem 0 .5rem; font-size: 1.15rem }
p { margin: 0 0 1rem; color: var(--soft) }
a { color: var(--accent) }
code, pre { font: .82rem/1.5 ui-monospace, Consolas, monospace }
pre {
  margin: 0;
  padding: .6rem .8rem;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
  background: var(--ground);
  border: 1px solid var(--line);
  border-radius: 6px;
}
.routes {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(min(27rem, 100%), 1fr));
  gap: 1rem;
  margin: 1.5rem 0;
  padding: 0;
  list-style: none;
}
.routes li {
  display: flex;
  flex-direction: column;
  min-width: 0;
  padding: 1rem 1.1rem;
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 10px;
}
.routes h2 { margin: 0 0 .25rem; font: 600 1rem ui-monospace, Consolas, monospace }
.routes p { flex: 1; margin: 0 0 .6rem }
.routes nav { display: flex; gap: 1.1rem; margin-bottom: .75rem }
table { width: 100%; border-collapse: collapse; background: var(--card) }
th, td { padding: .35rem .7rem; border-bottom: 1px solid var(--line); text-align: left }
th { color: var(--soft); font-weight: 600 }
td:has(data) { font-variant-numeric: tabular-nums }
input, button { padding: .35rem .7rem; font: inherit }
form { margin: 1rem 0 }
`
