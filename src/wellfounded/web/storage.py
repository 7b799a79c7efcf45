"""Static files under names that carry the hash of their content."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """WhiteNoise's compressed files with hashed names, in the imports of our scripts too."""

    support_js_module_import_aggregation = True
