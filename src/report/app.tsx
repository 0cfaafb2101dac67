import { useEffect, useMemo, useRef, useState } from 'hono/jsx/dom'
import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import type { Finding } from '../analysis/findings.ts'
import { findings } from '../analysis/findings.ts'
import type { Frame } from '../session/frame.ts'
import { BLOCKED_FRAME } from '../session/frame.ts'
import { functionKey } from '../session/identity.ts'
import type { FunctionRecord, SessionData } from '../session/records.ts'
import { buildCallTree } from '../session/tree.ts'
import { PageContext } from './context.ts'
import { Findings } from './findings/findings.tsx'
import { Header } from './header/header.tsx'
import { HotLines } from './header/hot-lines.tsx'
import type { PageLink } from './link.ts'
import type { PageOptions } from './options.ts'
import { loadOptions, saveOptions } from './options.ts'
import { createPlaceLinks } from './place-links.ts'
import { findLargest } from './places.ts'
import { SearchBox } from './search/search-box.tsx'
import { findMatches, readSearch } from './search/search.ts'
import { Settings } from './settings/settings.tsx'
import { Tabs, panelId, tabId } from './tabs.tsx'
import { TakeAlong } from './take-along/take-along.tsx'
import { useTheme } from './theme.ts'
import { useLink } from './use-link.ts'
import { views } from './views.ts'

/** The whole page. */
export function App({ data }: { data: SessionData }): JSX.Element {
  const [options, setOptions] = useState(loadOptions)
  // Kept while the page is open: a link without a view, to which Back may lead, means this one.
  const [firstView] = useState(options.view)
  const [said, say] = useState('')
  const places = useMemo(() => createPlaceLinks(data), [data])
  const { link, change } = useLink((arrived) => {
    setSelected(places.read(arrived.at))
  })
  const [selected, setSelected] = useState(() => places.read(link.at))
  const focus = useMemo(() => places.read(link.focus), [link.focus])
  const search = useMemo(() => readSearch(link.search ?? ''), [link.search])
  const found = useMemo(() => search.isMatch && findMatches(data, search.isMatch), [data, search])
  const allFindings = useMemo(() => findings(data), [data])
  const finding = link.finding === undefined ? undefined : allFindings[link.finding - 1]
  const kept = useRef(new Map<string, unknown>())
  useTheme(options.theme)

  const view = views.find(({ name }) => name === (link.view ?? firstView)) ?? views[0]!
  const changeOptions = (part: Partial<PageOptions>) => {
    const next = { ...options, ...part }
    setOptions(next)
    saveOptions(next)
  }
  const select = (frame: Frame | undefined, more: PageLink = {}) => {
    setSelected(frame)
    change({ at: frame && places.write(frame), ...more }, 'view' in more)
  }
  const openView = (name: string) => {
    changeOptions({ view: name })
    change({ view: name }, true)
  }
  const showFunction = (record: FunctionRecord) => {
    select(findLargest(buildCallTree(data), functionKey(record)), { focus: undefined })
  }
  const mark = (finding: Finding | undefined) => ({
    finding: finding && allFindings.indexOf(finding) + 1,
  })
  const showFinding = (finding: Finding) => {
    const { view } = finding
    const whole = { focus: undefined, from: undefined, to: undefined }
    changeOptions({ view })
    select(evidenceOf(data, finding), { view, ...whole, ...mark(finding) })
    document.getElementById('views')!.scrollIntoView({ block: 'nearest' })
  }
  const step = (by: 1 | -1) => {
    const matches = found?.functions ?? []
    if (matches.length > 0) {
      const at = selected ? matches.findIndex((record) => record === selected.record) : -1
      const next = at < 0 ? (by > 0 ? 0 : matches.length - 1) : at + by
      showFunction(matches[(next + matches.length) % matches.length]!)
    }
  }
  return (
    <PageContext.Provider value={{ options, pattern: search.pattern, say }}>
      <div class="summary">
        <Header meta={data.meta}>
          <TakeAlong data={data} say={say} />
          <Settings options={options} onChange={changeOptions} />
        </Header>
        <div class="answers">
          <HotLines data={data} onChoose={showFunction} />
          <Findings found={allFindings} shown={finding} onShow={showFinding} />
        </div>
      </div>
      <main class="views" id="views">
        <div class="bar">
          <Tabs
            views={views}
            current={view}
            onOpen={({ name }) => {
              openView(name)
            }}
          />
          <SearchBox
            text={link.search ?? ''}
            search={search}
            found={found}
            duration={data.meta.duration}
            onSearch={(text) => {
              change({ search: text })
            }}
            onStep={step}
          />
        </div>
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
            onSelect={select}
            isMatch={search.isMatch}
            focus={focus}
            onFocus={(frame) => {
              change({ focus: frame && places.write(frame) }, true)
            }}
            range={rangeOf(link)}
            onRange={(range) => {
              change({ from: range?.start, to: range?.end })
            }}
            finding={finding}
            onFinding={(next) => {
              change(mark(next))
            }}
            kept={kept.current}
          />
        </section>
      </main>
      <Said text={said} onDone={say} />
    </PageContext.Provider>
  )
}

/** The frame that shows a finding most; what blocked a request is not in its tree, but where it was blocked is. */
function evidenceOf(data: SessionData, finding: Finding): Frame | undefined {
  const key =
    finding.kind === 'blocked' ? BLOCKED_FRAME : finding.function && functionKey(finding.function)
  return key === undefined ? undefined : findLargest(buildCallTree(data), key)
}

function rangeOf({ from, to }: PageLink): { start: number; end: number } | undefined {
  return from !== undefined && to !== undefined && to > from ? { start: from, end: to } : undefined
}

/** Milliseconds that a message stays: enough to read it. */
const SAID = 4000

/** A message that goes away by itself. */
function Said({ text, onDone }: { text: string; onDone: (text: string) => void }): JSX.Element {
  useEffect(() => {
    const timer = setTimeout(() => {
      onDone('')
    }, SAID)
    return () => {
      clearTimeout(timer)
    }
  }, [text])
  return (
    <div class={text === '' ? 'said' : 'said shown'} role="status">
      {text}
    </div>
  )
}
