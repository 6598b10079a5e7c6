import { linter, lintGutter } from '@codemirror/lint';
import type { Extension } from '@codemirror/state';

export type EditorLanguage = 'json' | 'liquid' | 'text';

const LOADERS: Record<EditorLanguage, () => Promise<Extension>> = {
  json: async () => {
    const { json, jsonParseLinter } = await import('@codemirror/lang-json');
    const lint = jsonParseLinter();
    // An empty field is for its form to judge.
    return [json(), linter((view) => (view.state.doc.length === 0 ? [] : lint(view))), lintGutter()];
  },
  liquid: async () => (await import('@codemirror/lang-liquid')).liquid(),
  text: async () => [],
};

/** What highlights a language; each is loaded when it is first wanted. */
export const loadLanguage = (language: EditorLanguage): Promise<Extension> => LOADERS[language]();
