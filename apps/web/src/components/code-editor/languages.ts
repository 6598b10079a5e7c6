import type { Extension } from '@codemirror/state';

export type EditorLanguage = 'json' | 'liquid' | 'text';

const LOADERS: Record<EditorLanguage, () => Promise<Extension>> = {
  json: async () => {
    const [{ json, jsonParseLinter }, { linter, lintGutter }] = await Promise.all([
      import('@codemirror/lang-json'),
      import('@codemirror/lint'),
    ]);
    const lint = jsonParseLinter();
    // An empty field is for its form to judge.
    return [json(), linter((view) => (view.state.doc.length === 0 ? [] : lint(view))), lintGutter()];
  },
  liquid: async () => (await import('@codemirror/lang-liquid')).liquid(),
  text: async () => [],
};

/** What highlights a language; each is loaded when it is first wanted. */
export const loadLanguage = (language: EditorLanguage): Promise<Extension> => LOADERS[language]();
