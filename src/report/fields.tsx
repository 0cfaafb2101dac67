import type { JSX } from 'hono/jsx/dom/jsx-runtime'

interface ChoiceProps {
  label: string
  name: string
  value: string
  choices: readonly { value: string; text: string }[]
  onChoose: (value: string) => void
}

/** One of several. */
export function Choice({ label, name, value, choices, onChoose }: ChoiceProps): JSX.Element {
  return (
    <label class="field">
      <span>{label}</span>{' '}
      <select
        name={name}
        onChange={(event: Event) => {
          onChoose((event.target as HTMLSelectElement).value)
        }}
      >
        {choices.map((choice) => (
          <option value={choice.value} selected={choice.value === value}>
            {choice.text}
          </option>
        ))}
      </select>
    </label>
  )
}

interface CheckProps {
  label: string
  name: string
  isChecked: boolean
  onCheck: (isChecked: boolean) => void
}

/** Yes or no. */
export function Check({ label, name, isChecked, onCheck }: CheckProps): JSX.Element {
  return (
    <label>
      <input
        type="checkbox"
        name={name}
        checked={isChecked}
        onChange={(event: Event) => {
          onCheck((event.target as HTMLInputElement).checked)
        }}
      />{' '}
      {label}
    </label>
  )
}

interface TextFieldProps {
  label: string
  name: string
  text: string
  placeholder: string
  /** Why the text cannot be used. */
  error: string | undefined
  onType: (text: string) => void
}

/** A text, and what is wrong with it. */
export function TextField(props: TextFieldProps): JSX.Element {
  const { label, name, text, placeholder, error, onType } = props
  const errorId = `${name}-error`
  return (
    <label class="pattern">
      <span>{label}</span>
      <input
        type="text"
        name={name}
        value={text}
        placeholder={placeholder}
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
