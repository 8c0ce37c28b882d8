import { describe, expect, test } from '@jest/globals';
import { SMALL_TEXT, smallSiteWith } from '../support/site-text.ts';
import { synthesizeText } from '../support/synth.ts';

describe("a site's stage", () => {
  test('is named after the site and deployed in Frankfurt unless the file says otherwise', () => {
    const { stage } = synthesizeText(SMALL_TEXT);
    expect(stage.node.path).toBe('small');
    expect(stage.foundation.stackName).toBe('plantbridge-small-Foundation');
    expect(stage.foundation.region).toBe('eu-central-1');
    const elsewhere = synthesizeText(
      smallSiteWith(['id: small', 'id: small\naws: { region: eu-west-1, account: "123456789012" }']),
    );
    expect(elsewhere.stage.foundation).toMatchObject({ region: 'eu-west-1', account: '123456789012' });
  });

  test('holds no secret and is the same each time it is synthesized', () => {
    const text = smallSiteWith(['protocol: opcua', 'protocol: opcua, user: me, passwordFrom: "env:PLC"']);
    const [first, second] = [text, text].map((each) => {
      const site = synthesizeText(each);
      return JSON.stringify(site.stackIds.map((id) => site.json(id)));
    });
    expect(first).toBe(second);
  });
});
