/** The light/dark button: a cookie, so that the server draws the page right from the first byte. */
import { announce } from "../dom.js";

const root = document.documentElement;

function isDark() {
  if (root.dataset.theme) return root.dataset.theme === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

function show(button) {
  const dark = isDark();
  button.setAttribute("aria-label", dark ? "Switch to light colours" : "Switch to dark colours");
  button.querySelector("use").setAttribute("href", `/static/icons.svg#${dark ? "sun" : "moon"}`);
}

const button = document.getElementById("theme-toggle");
if (button) {
  button.hidden = false;
  show(button);
  button.addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    root.dataset.theme = theme;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `dra_theme=${theme}; path=/; max-age=31536000; samesite=lax${secure}`;
    show(button);
    announce(theme === "dark" ? "Dark colours" : "Light colours");
  });
}
