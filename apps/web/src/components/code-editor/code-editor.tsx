import { Input, Skeleton } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useId } from 'react';
import type { EditorLanguage } from './languages.js';

export interface CodeEditorProps {
  label: string;
  description?: ReactNode;
  required?: boolean;
  /** What is wrong with the value, shown below and said to screen readers. */
  error?: string | undefined;
  value: string;
  onChange?: (value: string) => void;
  language: EditorLanguage;
  /** Of the box, in pixels: kept from the first moment on, so that nothing moves when the editor arrives. */
  height?: number;
  readOnly?: boolean;
  /** Places in the value to underline, each with what is wrong there. */
  marks?: EditorMark[];
}

export interface EditorMark {
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
  message: string;
}

const EditorView = lazy(() => import('./editor-view.js'));

/** A field for JSON or Liquid with highlighting. Tab leaves it, as with any other field. */
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
      <Suspense fallback={<Skeleton h={height} mt={4} />}>
        <EditorView {...editor} height={height} labelledBy={`${id}-label`} isInvalid={error !== undefined} />
      </Suspense>
    </Input.Wrapper>
  );
}
