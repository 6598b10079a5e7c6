import { Input, Skeleton } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useId } from 'react';
import type { EditorViewProps } from './editor-view.js';

interface CodeEditorProps extends Omit<EditorViewProps, 'height' | 'labelledBy' | 'isInvalid'> {
  label: string;
  description?: ReactNode;
  required?: boolean;
  /** The error in the value, shown below and announced to screen readers. */
  error?: string | undefined;
  /** Height of the box in pixels, reserved from the start so that nothing moves when the editor loads. */
  height?: number;
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
