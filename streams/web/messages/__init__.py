"""Messages (i18n) by family, each in English and Chinese."""
