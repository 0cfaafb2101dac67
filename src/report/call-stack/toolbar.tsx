import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import { percent } from '../../render/text.ts'
import type { Frame } from '../../session/frame.ts'
import { Check, Choice, TextField } from '../fields.tsx'
import { frameName } from '../format.ts'
import type { PageOptions } from '../options.ts'
import type { CallTree } from './use-call-tree.ts'

const THRESHOLDS = [0, 0.001, 0.005, 0.01, 0.02, 0.05].map((share) => ({
  value: String(share),
  text: share === 0 ? 'nothing' : percent(share, 1, share < 0.01 ? 1 : 0),
}))

const UNITS = [
  { value: 'ms', text: 'ms' },
  { value: 'percent', text: 'percent' },
]

interface ToolbarProps {
  options: PageOptions
  tree: CallTree
  focus: Frame | undefined
  selected: Frame | undefined
  onChange: (change: Partial<PageOptions>) => void
  onFocus: (frame: Frame | undefined) => void
}

/** What can be chosen for the call stack. */
export function Toolbar(props: ToolbarProps): JSX.Element {
  const { options, tree, onChange } = props
  return (
    <div class="toolbar" role="group" aria-label="Call stack options">
      <FocusButtons {...props} />
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
      <Choice
        label="Time in"
        name="unit"
        value={options.unit}
        choices={UNITS}
        onChoose={(unit) => {
          onChange({ unit: unit as PageOptions['unit'] })
        }}
      />
      <Choice
        label="Leave out below"
        name="threshold"
        value={String(options.threshold)}
        choices={THRESHOLDS}
        onChoose={(share) => {
          onChange({ threshold: Number(share) })
        }}
      />
      <Check
        label="Fold library frames"
        name="foldLibraries"
        isChecked={options.foldLibraries}
        onCheck={(foldLibraries) => {
          onChange({ foldLibraries })
        }}
      />
      <details class="patterns">
        <summary>Fold by path</summary>
        <div class="pattern-fields">
          <TextField
            name="hide"
            label="Fold also files that match"
            text={options.hide}
            placeholder="regular expression"
            error={tree.hide.error}
            onType={(hide) => {
              onChange({ hide })
            }}
          />
          <TextField
            name="show"
            label="Never fold files that match"
            text={options.show}
            placeholder="regular expression"
            error={tree.show.error}
            onType={(show) => {
              onChange({ show })
            }}
          />
        </div>
      </details>
    </div>
  )
}

function FocusButtons({ tree, focus, selected, onFocus }: ToolbarProps): JSX.Element {
  const canFocus = selected && selected !== tree.root && !selected.isSynthetic
  return (
    <>
      {focus && (
        <button
          type="button"
          class="focused"
          onClick={() => {
            onFocus(undefined)
          }}
        >
          ← Whole request, from {frameName(focus)}
        </button>
      )}
      <button
        type="button"
        disabled={!canFocus}
        onClick={() => {
          onFocus(selected)
        }}
      >
        Focus
      </button>
    </>
  )
}
