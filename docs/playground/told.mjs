/** What is told of LakiConnect's answer, and of what was logged of it, in two short lines each. */
export function told({ code, form, answer }, log) {
  const said = answer.status === undefined ? 'no answer' : words(answer.status, code);
  const event = log.find(({ type }) => type === 'translated');
  if (event === undefined) return { said, form, logged: '–', became: '' };

  const { level, kind, outcome, upstreamStatus, upstreamCode } = event;
  const isUnmapped = log.some(({ type }) => type === 'unmapped');
  const upstream = words(upstreamStatus, upstreamCode === kind ? undefined : upstreamCode);
  return {
    said,
    form,
    level,
    logged: `${level.padEnd(5)} ${kind}${isUnmapped ? ', unmapped' : ''}`,
    became: upstream === '' ? outcome : `${outcome} (${upstream})`,
  };
}

/** What is told of a reply: an error, or the payment. */
export function toldOfReply({ status, body }) {
  return { code: words(status, body.code ?? body.status), title: body.title ?? body.message ?? '' };
}

function words(...parts) {
  return parts.filter((part) => part !== undefined).join(' ');
}
