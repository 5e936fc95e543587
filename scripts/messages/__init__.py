"""The translators' catalogues, kept up to date with the code, the pages and the law content.

    api/**/*.py, page templates --extracting--> messages   \\
    rules/, instruments/        --extracting--> law texts   --updating--> api/documents/language/po/*/*.po
"""
