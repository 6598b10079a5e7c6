import type { SignatureConfigOf, SignatureScheme } from '@agenthook/contracts';
import { alertmanager } from './by-name/alertmanager.js';
import { asana } from './by-name/asana.js';
import { bitbucket } from './by-name/bitbucket.js';
import { calendly } from './by-name/calendly.js';
import { discord } from './by-name/discord.js';
import { dropbox } from './by-name/dropbox.js';
import { eventgrid } from './by-name/eventgrid.js';
import { gitea } from './by-name/gitea.js';
import { github } from './by-name/github.js';
import { gitlab } from './by-name/gitlab.js';
import { googlePush } from './by-name/google-push.js';
import { grafana } from './by-name/grafana.js';
import { graph } from './by-name/graph.js';
import { hubspot } from './by-name/hubspot.js';
import { intercom } from './by-name/intercom.js';
import { jira } from './by-name/jira.js';
import { line } from './by-name/line.js';
import { linear } from './by-name/linear.js';
import { mailgun } from './by-name/mailgun.js';
import { meta } from './by-name/meta.js';
import { monday } from './by-name/monday.js';
import { okta } from './by-name/okta.js';
import { paddle } from './by-name/paddle.js';
import { pagerduty } from './by-name/pagerduty.js';
import { sendgrid } from './by-name/sendgrid.js';
import { sentry } from './by-name/sentry.js';
import { shopify } from './by-name/shopify.js';
import { slack } from './by-name/slack.js';
import { sns } from './by-name/sns.js';
import { square } from './by-name/square.js';
import { standardWebhooks } from './by-name/standard-webhooks.js';
import { stripe } from './by-name/stripe.js';
import { supabase } from './by-name/supabase.js';
import { svix } from './by-name/svix.js';
import { telegram } from './by-name/telegram.js';
import { trello } from './by-name/trello.js';
import { twilio } from './by-name/twilio.js';
import { twitch } from './by-name/twitch.js';
import { typeform } from './by-name/typeform.js';
import { woocommerce } from './by-name/woocommerce.js';
import { zendesk } from './by-name/zendesk.js';
import { zoom } from './by-name/zoom.js';
import { custom } from './generic/custom.js';
import { hmac } from './generic/hmac.js';
import { ecdsa, ed25519 } from './generic/public-key.js';
import { token } from './generic/token.js';
import type { Scheme } from './scheme.js';

/** Every sender, each in a file of its own. The order is that of the docs and of the Studio. */
const SCHEMES: { [S in SignatureScheme]: Scheme<SignatureConfigOf<S>> } = {
  alertmanager,
  asana,
  bitbucket,
  calendly,
  discord,
  dropbox,
  eventgrid,
  gitea,
  github,
  gitlab,
  'google-push': googlePush,
  grafana,
  graph,
  hubspot,
  intercom,
  jira,
  line,
  linear,
  mailgun,
  meta,
  monday,
  okta,
  paddle,
  pagerduty,
  sendgrid,
  sentry,
  shopify,
  slack,
  sns,
  square,
  'standard-webhooks': standardWebhooks,
  stripe,
  supabase,
  svix,
  telegram,
  trello,
  twilio,
  twitch,
  typeform,
  woocommerce,
  zendesk,
  zoom,
  hmac,
  token,
  ed25519,
  ecdsa,
  custom,
};

/** The scheme that an agent's signature names. */
export const schemeOf = ({ scheme }: { scheme: SignatureScheme }): Scheme => SCHEMES[scheme] as Scheme;

/** The payload properties that any scheme reads. */
export const READ_PROPERTIES = [...new Set(Object.values(SCHEMES).flatMap(({ reads = [] }) => reads))];
