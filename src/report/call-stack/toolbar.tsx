import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import { percent } from '../../render/text.ts'
import type { PageOptions } from '../options.ts'
import type { CallTree } from './use-call-tree.ts'

const THRESHOLDS = [0, 0.001, 0.005, 0.01, 0.02, 0.05]

interface ToolbarProps {
  options: PageOptions
  tree: CallTree
  onChange: (change: Partial<PageOptions>) => void
}

/** What can be chosen for the call stack. */
export function Toolbar({ options, tree, onChange }: ToolbarProps): JSX.Element {
  return (
    <div class="toolbar" role="group" aria-label="Call stack options">
      <button
        type="button"
        onClick={() => {
          tree.setAll('all')
        }}
      >
        Expand all
      </button>
      <button
        type="button"
        onClick={() => {
          tree.setAll('none')
        }}
      >
        Collapse all
      </button>
      <label>
        Time in{' '}
        <select
          name="unit"
          onChange={(event: Event) => {
            onChange({ unit: valueOf(event) as PageOptions['unit'] })
          }}
        >
          <Option value="ms" text="ms" chosen={options.unit} />
          <Option value="percent" text="percent" chosen={options.unit} />
        </select>
      </label>
      <label>
        Leave out below{' '}
        <select
          name="threshold"
          onChange={(event: Event) => {
            onChange({ threshold: Number(valueOf(event)) })
          }}
        >
          {THRESHOLDS.map((share) => (
            <Option
              value={String(share)}
              text={share === 0 ? 'nothing' : percent(share, 1, share < 0.01 ? 1 : 0)}
              chosen={String(options.threshold)}
            />
          ))}
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          name="foldLibraries"
          checked={options.foldLibraries}
          onChange={(event: Event) => {
            onChange({ foldLibraries: (event.target as HTMLInputElement).checked })
          }}
        />{' '}
        Fold library frames
      </label>
      <details class="patterns">
        <summary>Fold by path</summary>
        <div class="pattern-fields">
          <Pattern
            name="hide"
            label="Fold also files that match"
            text={options.hide}
            error={tree.hide.error}
            onType={(text) => {
              onChange({ hide: text })
            }}
          />
          <Pattern
            name="show"
            label="Never fold files that match"
            text={options.show}
            error={tree.show.error}
            onType={(text) => {
              onChange({ show: text })
            }}
          />
        </div>
      </details>
    </div>
  )
}

function valueOf(event: Event): string {
  return (event.target as HTMLSelectElement).value
}

function Option(props: { value: string; text: string; chosen: string }): JSX.Element {
  return (
    <option value={props.value} selected={props.value === props.chosen}>
      {props.text}
    </option>
  )
}

interface PatternProps {
  name: string
  label: string
  text: string
  error: string | undefined
  onType: (text: string) => void
}

function Pattern({ name, label, text, error, onType }: PatternProps): JSX.Element {
  const errorId = `${name}-error`
  return (
    <label class="pattern">
      <span>{label}</span>
      <input
        type="text"
        name={name}
        value={text}
        placeholder="regular expression"
        spellcheck={false}
        aria-invalid={error === undefined ? undefined : 'true'}
        aria-describedby={errorId}
        onInput={(event: Event) => {
          onType((event.target as HTMLInputElement).value)
        }}
      />
      <span class="pattern-error" id={errorId} role="status">
        {error ?? ''}
      </span>
    </label>
  )
}
