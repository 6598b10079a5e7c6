import { Input, Skeleton } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useId } from 'react';
import type { EditorLanguage } from './languages.js';

export interface CodeEditorProps {
  label: string;
  description?: ReactNode;
  required?: boolean;
  /** The error in the value, shown below and announced to screen readers. */
  error?: string | undefined;
  value: string;
  onChange?: (value: string) => void;
  language: EditorLanguage;
  /** Height of the box in pixels, reserved from the start so that nothing moves when the editor loads. */
  height?: number;
  readOnly?: boolean;
  /** Places in the value to underline, each with its error. */
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

/** A field for JSON or Liquid with highlighting. Tab leaves it, as in any other field. */
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
