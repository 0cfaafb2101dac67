import { useMemo, useState } from 'hono/jsx/dom'
import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import { hotLines } from '../analysis/lines.ts'
import type { Frame } from '../session/frame.ts'
import type { SessionData } from '../session/records.ts'
import { buildCallTree } from '../session/tree.ts'
import { Header } from './header/header.tsx'
import { HotLines } from './header/hot-lines.tsx'
import type { PageOptions } from './options.ts'
import { loadOptions, saveOptions } from './options.ts'
import { findLargest } from './places.ts'
import { Tabs, panelId, tabId } from './tabs.tsx'
import { views } from './views.ts'

/** The whole page. */
export function App({ data }: { data: SessionData }): JSX.Element {
  const [options, setOptions] = useState(loadOptions)
  const [selected, setSelected] = useState<Frame | undefined>(undefined)
  const lines = useMemo(() => hotLines(data), [data])
  const view = views.find(({ name }) => name === options.view) ?? views[0]!
  const changeOptions = (change: Partial<PageOptions>) => {
    const next = { ...options, ...change }
    setOptions(next)
    saveOptions(next)
  }
  return (
    <>
      <div class="summary">
        <Header meta={data.meta} />
        <HotLines
          lines={lines}
          duration={data.meta.duration}
          onChoose={(record) => {
            setSelected(findLargest(buildCallTree(data), record))
          }}
        />
      </div>
      <main class="views">
        <Tabs
          views={views}
          current={view}
          onOpen={({ name }) => {
            changeOptions({ view: name })
          }}
        />
        <section
          class={`panel ${view.name}`}
          key={view.name}
          role="tabpanel"
          id={panelId(view)}
          aria-labelledby={tabId(view)}
        >
          <view.Content
            data={data}
            options={options}
            onOptions={changeOptions}
            selected={selected}
            onSelect={setSelected}
          />
        </section>
      </main>
    </>
  )
}
