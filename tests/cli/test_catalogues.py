"""Nothing that a reader in French would miss; the same list as `make check` prints."""

from tests.catalogues import findings


def test_everything_is_in_french_and_the_bundle_is_whole():
    assert list(findings()) == []
