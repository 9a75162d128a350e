import type { Page } from 'playwright-core';

/** Chooses in the form as a hand does, again and again, and waits each time until that is shown. */
export async function chooser(page: Page, label: string): Promise<(value: string) => Promise<void>> {
  const select = page.getByRole('combobox', { name: label, exact: true });
  const name = (await select.getAttribute('name')) ?? '';
  const element = await select.elementHandle(); // it stays, whatever is chosen
  return async (value) => {
    if (element === null || (await element.inputValue()) === value) return;
    const isChosen = (url: URL) => url.searchParams.get(name) === value;
    await Promise.all([page.waitForURL(isChosen), element.selectOption(value)]);
  };
}

export async function choose(page: Page, label: string, value: string): Promise<void> {
  await (
    await chooser(page, label)
  )(value);
}

/** Presses one of the buttons of what happens next, and waits until that is shown. */
export async function press(page: Page, button: string): Promise<void> {
  const before = page.url();
  const isElsewhere = (url: URL) => url.href !== before;
  await Promise.all([
    page.waitForURL(isElsewhere),
    page.getByRole('navigation').getByText(button, { exact: true }).click(),
  ]);
}
