"""What tells people from programs in forms that anybody may send."""

from __future__ import annotations

from django import forms


class Honest(forms.Form):
    """A form with a field that people do not see: whoever fills it in is a program."""

    website = forms.CharField(required=False)

    @property
    def by_a_program(self) -> bool:
        return bool(self.data.get("website"))


__all__ = ["Honest"]
