import type { JSX } from 'hono/jsx/dom/jsx-runtime'
import { editors, templateError } from '../editor.ts'
import { Choice, TextField } from '../fields.tsx'
import { Menu } from '../menu.tsx'
import type { PageOptions } from '../options.ts'

const THEMES = [
  { value: 'system', text: 'as the system' },
  { value: 'light', text: 'light' },
  { value: 'dark', text: 'dark' },
]

interface SettingsProps {
  options: PageOptions
  onChange: (change: Partial<PageOptions>) => void
}

/** What the reader chooses once for all reports. */
export function Settings({ options, onChange }: SettingsProps): JSX.Element {
  const { theme, editor, editorTemplate } = options
  return (
    <Menu label="Settings">
      <Choice
        label="Colours"
        name="theme"
        value={theme}
        choices={THEMES}
        onChoose={(value) => {
          onChange({ theme: value as PageOptions['theme'] })
        }}
      />
      <Choice
        label="Editor"
        name="editor"
        value={editor}
        choices={editors.map(({ name, label }) => ({ value: name, text: label }))}
        onChoose={(value) => {
          onChange({ editor: value })
        }}
      />
      {editor === 'custom' && (
        <TextField
          label="Its address for a line"
          name="editorTemplate"
          text={editorTemplate}
          placeholder="editor://open?file={file}&line={line}"
          error={editorTemplate === '' ? undefined : templateError(editorTemplate)}
          onType={(text) => {
            onChange({ editorTemplate: text })
          }}
        />
      )}
    </Menu>
  )
}
