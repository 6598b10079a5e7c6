import type { SignatureConfigOf, SignatureScheme } from '@agenthook/contracts';
import { adyen } from './by-name/adyen.js';
import { alertmanager } from './by-name/alertmanager.js';
import { asana } from './by-name/asana.js';
import { bitbucket } from './by-name/bitbucket.js';
import { calendly } from './by-name/calendly.js';
import { discord } from './by-name/discord.js';
import { docusign } from './by-name/docusign.js';
import { dropbox } from './by-name/dropbox.js';
import { dropboxSign } from './by-name/dropbox-sign.js';
import { eventgrid } from './by-name/eventgrid.js';
import { figma } from './by-name/figma.js';
import { gitea } from './by-name/gitea.js';
import { github } from './by-name/github.js';
import { gitlab } from './by-name/gitlab.js';
import { googlePush } from './by-name/google-push.js';
import { grafana } from './by-name/grafana.js';
import { graph } from './by-name/graph.js';
import { hubspot } from './by-name/hubspot.js';
import { intercom } from './by-name/intercom.js';
import { jira } from './by-name/jira.js';
import { kofi } from './by-name/kofi.js';
import { lark } from './by-name/lark.js';
import { line } from './by-name/line.js';
import { linear } from './by-name/linear.js';
import { mailgun } from './by-name/mailgun.js';
import { mandrill } from './by-name/mandrill.js';
import { mattermost } from './by-name/mattermost.js';
import { meta } from './by-name/meta.js';
import { mollie } from './by-name/mollie.js';
import { monday } from './by-name/monday.js';
import { netlify } from './by-name/netlify.js';
import { notion } from './by-name/notion.js';
import { okta } from './by-name/okta.js';
import { paddle } from './by-name/paddle.js';
import { pagerduty } from './by-name/pagerduty.js';
import { razorpay } from './by-name/razorpay.js';
import { rocketchat } from './by-name/rocketchat.js';
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
import { teams } from './by-name/teams.js';
import { telegram } from './by-name/telegram.js';
import { trello } from './by-name/trello.js';
import { twilio } from './by-name/twilio.js';
import { twitch } from './by-name/twitch.js';
import { typeform } from './by-name/typeform.js';
import { vonage } from './by-name/vonage.js';
import { wise } from './by-name/wise.js';
import { woocommerce } from './by-name/woocommerce.js';
import { xero } from './by-name/xero.js';
import { zendesk } from './by-name/zendesk.js';
import { zoom } from './by-name/zoom.js';
import { zulip } from './by-name/zulip.js';
import { custom } from './generic/custom.js';
import { hmac } from './generic/hmac.js';
import { ecdsa, ed25519, rsa } from './generic/public-key.js';
import { token } from './generic/token.js';
import type { Scheme } from './scheme.js';

/** Every sender, each in a file of its own. The order is that of the docs and of the Studio. */
const SCHEMES: { [S in SignatureScheme]: Scheme<SignatureConfigOf<S>> } = {
  adyen,
  alertmanager,
  asana,
  bitbucket,
  calendly,
  discord,
  docusign,
  dropbox,
  'dropbox-sign': dropboxSign,
  eventgrid,
  figma,
  gitea,
  github,
  gitlab,
  'google-push': googlePush,
  grafana,
  graph,
  hubspot,
  intercom,
  jira,
  kofi,
  lark,
  line,
  linear,
  mailgun,
  mandrill,
  mattermost,
  meta,
  mollie,
  monday,
  netlify,
  notion,
  okta,
  paddle,
  pagerduty,
  razorpay,
  rocketchat,
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
  teams,
  telegram,
  trello,
  twilio,
  twitch,
  typeform,
  vonage,
  wise,
  woocommerce,
  xero,
  zendesk,
  zoom,
  zulip,
  hmac,
  token,
  ed25519,
  ecdsa,
  rsa,
  custom,
};

/** The scheme that an agent's signature names. */
export const schemeOf = ({ scheme }: { scheme: SignatureScheme }): Scheme => SCHEMES[scheme] as Scheme;

/** The payload properties that any scheme reads. */
export const READ_PROPERTIES = [...new Set(Object.values(SCHEMES).flatMap(({ reads = [] }) => reads))];
