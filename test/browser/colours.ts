import type { Frame, Page } from 'playwright-core';

/** Text and the colours of it and of what it stands on. */
export interface Painted {
  readonly text: string;
  readonly color: string;
  readonly ground: string;
}

/** All text of a page, in the colours that the browser computes. */
export function textIn(frame: Frame): Promise<Painted[]> {
  return frame.locator('body').evaluate((body) => {
    const { defaultView } = body.ownerDocument;
    const styleOf = (element: unknown) => defaultView.getComputedStyle(element);
    const groundOf = (element: { parentElement: unknown } | null): string => {
      if (element === null) return 'rgb(255, 255, 255)';
      const { backgroundColor } = styleOf(element);
      return /, 0\)$/.test(backgroundColor) ? groundOf(element.parentElement as never) : backgroundColor;
    };
    return [...body.querySelectorAll('*')]
      .filter((each) => each.localName !== 'option' && each.checkVisibility())
      .filter(({ childNodes }) => [...childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim()))
      .map((each) => ({
        text: each.textContent.trim().slice(0, 40),
        color: styleOf(each).color,
        ground: groundOf(each),
      }));
  });
}

/** The outline of what has the focus, on what is around it. */
export function outlineIn(page: Page): Promise<Painted> {
  return page.locator(':focus').evaluate((element) => {
    const { defaultView } = element.ownerDocument;
    const around = element.closest('.history, form');
    return {
      text: element.textContent.trim(),
      color: defaultView.getComputedStyle(element).outlineColor,
      ground: defaultView.getComputedStyle(around).backgroundColor,
    };
  });
}

/** Source: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrastOf({ color, ground }: Painted): number {
  const [dark = 0, light = 0] = [color, ground].map(luminanceOf).sort((one, other) => one - other);
  return (light + 0.05) / (dark + 0.05);
}

function luminanceOf(color: string): number {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map((value) => {
    const part = Number(value) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
