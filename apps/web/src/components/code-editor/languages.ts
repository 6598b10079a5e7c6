import { linter, lintGutter } from '@codemirror/lint';
import type { Extension } from '@codemirror/state';

export type EditorLanguage = 'json' | 'liquid' | 'text';

const LOADERS: Record<EditorLanguage, () => Promise<Extension>> = {
  json: async () => {
    const { json, jsonParseLinter } = await import('@codemirror/lang-json');
    const lint = jsonParseLinter();
    // The form decides whether a field may be empty.
    return [json(), linter((view) => (view.state.doc.length === 0 ? [] : lint(view))), lintGutter()];
  },
  liquid: async () => (await import('@codemirror/lang-liquid')).liquid(),
  text: async () => [],
};

/** Loads the highlighting of a language when it is first needed. */
export const loadLanguage = (language: EditorLanguage): Promise<Extension> => LOADERS[language]();
