export { checkTemplate, type TemplateIssue } from './check-template.js';
export {
  fenceNote,
  fenceTag,
  type RenderOptions,
  renderTemplate,
  TemplateRenderError,
} from './render-template.js';
