export { checkTemplate, type TemplateIssue } from './check-template.js';
export { Trusted } from './engine.js';
export { type Prompt, type PromptFault, type PromptSource, renderPrompt } from './render-prompt.js';
export {
  fenceNote,
  fenceTag,
  type RenderOptions,
  renderTemplate,
  TemplateRenderError,
} from './render-template.js';
