export { charactersInTags } from './characters-in-tags.js';
export { checkTemplate, type TemplateIssue } from './check-template.js';
export type { Escape, RenderOptions } from './engine.js';
export { fenceText, withoutTag } from './fence.js';
export { neededMembers } from './needed-members.js';
export { unitsOf } from './plain.js';
export { type Prompt, type PromptFault, type PromptSource, renderPrompt } from './render-prompt.js';
export {
  fenceNote,
  fenceTag,
  renderTemplate,
  TemplateRenderError,
} from './render-template.js';
export { Trusted } from './trusted.js';
