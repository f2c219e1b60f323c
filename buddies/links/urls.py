"""The address of a personal link: outside any school, short enough to type over from a letter."""

from django.urls import path

from ..views import parent_page

urlpatterns = [path("<str:key>/", parent_page.parent_page, name="parent_page")]
