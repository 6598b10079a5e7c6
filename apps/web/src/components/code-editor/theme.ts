import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const look = EditorView.theme({
  '&': {
    fontSize: 'var(--mantine-font-size-sm)',
    height: '100%',
    color: 'var(--mantine-color-text)',
    backgroundColor: 'light-dark(var(--mantine-color-white), var(--mantine-color-dark-6))',
  },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--mantine-color-text)', padding: '8px 0' },
  // Each line has its own direction, like an input with dir="auto".
  '.cm-line': { unicodeBidi: 'plaintext' },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--mantine-color-dimmed)', border: 'none' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'light-dark(var(--mantine-color-indigo-1), var(--mantine-color-indigo-9))',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--mantine-color-body)',
    border: '1px solid var(--mantine-color-default-border)',
  },
});

/** Light: the tone of text on light badges, which is dark enough. Dark: a shade. */
const word = (name: string, darkShade: number) =>
  `light-dark(var(--mantine-color-${name}-light-color), var(--mantine-color-${name}-${darkShade}))`;

const syntax = HighlightStyle.define([
  { tag: [tags.propertyName, tags.attributeName], color: word('indigo', 3) },
  { tag: [tags.string, tags.special(tags.string)], color: word('green', 4) },
  { tag: [tags.number, tags.bool, tags.null], color: word('orange', 4) },
  {
    tag: [tags.keyword, tags.operatorKeyword, tags.tagName, tags.function(tags.variableName)],
    color: word('grape', 3),
  },
  { tag: [tags.variableName, tags.definition(tags.variableName)], color: word('indigo', 3) },
  { tag: [tags.brace, tags.processingInstruction], color: word('pink', 4) },
  { tag: tags.comment, color: 'var(--mantine-color-dimmed)', fontStyle: 'italic' },
]);

/** The Studio's colours, light and dark, following the page's scheme. */
export const studioTheme = [look, syntaxHighlighting(syntax)];
