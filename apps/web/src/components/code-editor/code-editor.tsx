import { Input } from '@mantine/core';
import { type ComponentType, type ReactNode, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { HIDDEN } from '../hidden-characters.js';
import classes from './code-editor.module.css';
import type { EditorViewProps, Taken } from './editor-view.js';

interface CodeEditorProps extends Omit<EditorViewProps, 'labelledBy' | 'taken'> {
  label: string;
  description?: ReactNode;
  required?: boolean;
  /** The error in the value, shown below and announced to screen readers. */
  error?: string | undefined;
  /** Height of the box in pixels. */
  height?: number;
}

/**
 * A field for JSON or Liquid. Tab leaves it, as in any other field. It is plain text until someone points at
 * it or focuses it, because the editor with highlighting is a quarter of an agent page's script.
 */
export function CodeEditor({
  label,
  description,
  required = false,
  error,
  height = 200,
  ...editor
}: CodeEditorProps) {
  const id = useId();
  return (
    <Input.Wrapper
      label={label}
      description={description}
      required={required}
      error={error}
      labelElement="div"
      labelProps={{ id: `${id}-label` }}
    >
      <div className={classes.box} data-invalid={error !== undefined || undefined} style={{ height }}>
        <Editable {...editor} labelledBy={`${id}-label`} />
      </div>
    </Input.Wrapper>
  );
}

function Editable(props: Omit<EditorViewProps, 'taken'>) {
  const { value, onChange, language, readOnly = false, labelledBy } = props;
  const [opened, setOpened] = useState<{ View: ComponentType<EditorViewProps>; taken: Taken | undefined }>();
  const area = useRef<HTMLTextAreaElement>(null);
  const isAsked = useRef(false);
  const isComposing = useRef(false);
  if (opened !== undefined) return <opened.View {...props} taken={opened.taken} />;

  const open = async () => {
    if (isAsked.current) return;
    isAsked.current = true;
    // Without the editor, for example when the network is away, the plain field still works.
    const loaded = await import('./editor-view.js').catch(() => undefined);
    isAsked.current = loaded !== undefined;
    const plain = area.current;
    if (loaded === undefined || plain === null) return;
    if (isComposing.current)
      await new Promise((done) => plain.addEventListener('compositionend', done, { once: true }));
    const isFocused = document.activeElement === plain;
    const taken = isFocused ? { from: plain.selectionStart, to: plain.selectionEnd } : undefined;
    // At once, so that no key goes to a field that is about to disappear.
    flushSync(() => setOpened({ View: loaded.default, taken }));
  };
  // Plain text would not show hidden characters.
  const isDeceptive = value.search(HIDDEN) !== -1;
  const openWhenDeceptive = (element: HTMLTextAreaElement | null) => {
    area.current = element;
    if (element !== null && isDeceptive) void open();
  };

  return (
    <textarea
      ref={openWhenDeceptive}
      className={classes.plain}
      data-language={language}
      aria-labelledby={labelledBy}
      dir="auto"
      spellCheck={false}
      value={value}
      readOnly={readOnly}
      onChange={({ currentTarget }) => onChange?.(currentTarget.value)}
      onCompositionStart={() => {
        isComposing.current = true;
      }}
      onCompositionEnd={() => {
        isComposing.current = false;
      }}
      onPointerEnter={() => void open()}
      onFocus={() => void open()}
    />
  );
}
