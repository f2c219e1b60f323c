"""The languages a parent may say they speak: by their own name, in their own script (no flags)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Language:
    """`code` is the language's tag and goes in `lang`; `name` is what its speakers call it; `called` is what it is
    called in the language of the page ("Turks"); `direction` goes in `dir`."""

    code: str
    name: str
    called: str | Promise
    direction: str = "ltr"


# Most used in Dutch schools first; a form shows the first COMMON at once and folds the rest.
LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        Language("nl", "Nederlands", _("Dutch")),
        Language("tr", "Türkçe", _("Turkish")),
        Language("ar", "العربية", _("Arabic"), "rtl"),
        Language("zgh", "Tamaziɣt", _("Berber")),
        Language("pl", "Polski", _("Polish")),
        Language("uk", "Українська", _("Ukrainian")),
        Language("ti", "ትግርኛ", _("Tigrinya")),
        Language("en", "English", _("English")),
        Language("so", "Soomaali", _("Somali")),
        Language("es", "Español", _("Spanish")),
        Language("pt", "Português", _("Portuguese")),
        Language("fr", "Français", _("French")),
        Language("de", "Deutsch", _("German")),
        Language("ru", "Русский", _("Russian")),
        Language("ro", "Română", _("Romanian")),
        Language("bg", "Български", _("Bulgarian")),
        Language("hu", "Magyar", _("Hungarian")),
        Language("zh", "中文", _("Chinese")),
        Language("vi", "Tiếng Việt", _("Vietnamese")),
        Language("fa", "فارسی", _("Persian"), "rtl"),
        Language("hi", "हिन्दी", _("Hindi")),
        Language("ur", "اردو", _("Urdu"), "rtl"),
        Language("id", "Bahasa Indonesia", _("Indonesian")),
        Language("pap", "Papiamentu", _("Papiamento")),
        Language("fy", "Frysk", _("Frisian")),
    )
}
COMMON = 8


def spoken(codes: Iterable[str]) -> list[Language]:
    """The languages with these codes, in the order of `LANGUAGES`; a code we do not know stands for itself."""
    wanted = set(codes)
    known = [language for code, language in LANGUAGES.items() if code in wanted]
    return known + [Language(code, code, code) for code in sorted(wanted - LANGUAGES.keys())]
