import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const color = (name: string, light: number, dark: number) =>
  `light-dark(var(--mantine-color-${name}-${light}), var(--mantine-color-${name}-${dark}))`;

/** Mantine's darkest green and orange are too light for small text on white (WCAG 2.2, 1.4.3). */
const darker = (name: string, dark: number) =>
  `light-dark(color-mix(in srgb, var(--mantine-color-${name}-9), black 20%), var(--mantine-color-${name}-${dark}))`;

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
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--mantine-color-dimmed)', border: 'none' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: color('indigo', 1, 9),
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--mantine-color-body)',
    border: '1px solid var(--mantine-color-default-border)',
  },
});

const syntax = HighlightStyle.define([
  { tag: [tags.propertyName, tags.attributeName], color: color('indigo', 8, 3) },
  { tag: [tags.string, tags.special(tags.string)], color: darker('green', 4) },
  { tag: [tags.number, tags.bool, tags.null], color: darker('orange', 4) },
  {
    tag: [tags.keyword, tags.operatorKeyword, tags.tagName, tags.function(tags.variableName)],
    color: color('grape', 8, 3),
  },
  { tag: [tags.variableName, tags.definition(tags.variableName)], color: color('indigo', 8, 3) },
  { tag: [tags.brace, tags.processingInstruction], color: color('pink', 8, 4) },
  { tag: tags.comment, color: 'var(--mantine-color-dimmed)', fontStyle: 'italic' },
]);

/** The colours of the Studio, light and dark by the page's scheme. */
export const studioTheme = [look, syntaxHighlighting(syntax)];
