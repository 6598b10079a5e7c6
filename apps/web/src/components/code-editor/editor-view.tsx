import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightSpecialChars, keymap } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { readNonce } from '../../app/nonce.js';
import { HIDDEN } from '../hidden-characters.js';
import { type EditorLanguage, loadLanguage } from './languages.js';
import { type EditorMark, toDiagnostics } from './marks.js';
import { studioTheme } from './theme.js';

export interface EditorViewProps {
  value: string;
  onChange?: (value: string) => void;
  language: EditorLanguage;
  readOnly?: boolean;
  /** Places in the value to underline, each with its error. */
  marks?: EditorMark[];
  labelledBy: string;
  /** What was selected in the focused plain field that this editor replaces; undefined if it had no focus. */
  taken: Taken | undefined;
}

/** Offsets in the text. */
export interface Taken {
  from: number;
  to: number;
}

/** CodeMirror as a controlled field with `value` and `onChange`. Fills its box. */
export default function CodeMirrorField(props: EditorViewProps) {
  const { value, language, marks } = props;
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef(props);
  latest.current = props;
  const languageSlot = useRef(new Compartment());

  useEffect(() => {
    if (box.current === null) return;
    const { value: doc, readOnly = false, labelledBy, taken } = latest.current;
    const onUpdate = EditorView.updateListener.of((update) => {
      if (update.docChanged) latest.current.onChange?.(update.state.doc.toString());
    });
    const editor = new EditorView({
      parent: box.current,
      doc,
      extensions: [base(labelledBy, readOnly), languageSlot.current.of([]), onUpdate],
    });
    view.current = editor;
    if (taken !== undefined) {
      const within = (offset: number) => Math.min(offset, editor.state.doc.length);
      editor.dispatch({ selection: { anchor: within(taken.from), head: within(taken.to) } });
      editor.focus();
    }
    return () => {
      view.current = null;
      editor.destroy();
    };
  }, []);

  useEffect(() => {
    let isWanted = true;
    void loadLanguage(language).then((extension) => {
      if (isWanted) view.current?.dispatch({ effects: languageSlot.current.reconfigure(extension) });
    });
    return () => {
      isWanted = false;
    };
  }, [language]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null || marks === undefined) return;
    editor.dispatch(setDiagnostics(editor.state, toDiagnostics(editor.state.doc, marks)));
  }, [marks]);

  return <div ref={box} style={{ height: '100%' }} />;
}

/**
 * Handles text typed over a selection. Chromium would keep the selection's look and insert the text with a
 * style attribute, which the page's policy blocks and reports.
 */
const overSelection = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    const { state, composing } = view;
    if (event.inputType !== 'insertText' || event.data === null || composing || state.readOnly) return false;
    if (state.selection.main.empty) return false;
    event.preventDefault();
    view.dispatch(state.replaceSelection(event.data), { userEvent: 'input.type', scrollIntoView: true });
    return true;
  },
});

const base = (labelledBy: string, readOnly: boolean): Extension => [
  EditorView.cspNonce.of(readNonce()),
  history(),
  overSelection,
  drawSelection(),
  highlightSpecialChars({ specialChars: HIDDEN }),
  indentOnInput(),
  bracketMatching(),
  EditorView.lineWrapping,
  EditorView.perLineTextDirection.of(true),
  keymap.of([...defaultKeymap, ...historyKeymap]),
  EditorState.readOnly.of(readOnly),
  EditorView.contentAttributes.of({
    'aria-labelledby': labelledBy,
    // It is focusable anyway; stated for page checkers that do not know that of editable content.
    tabindex: '0',
    ...(readOnly ? { 'aria-readonly': 'true' } : {}),
  }),
  studioTheme,
];
