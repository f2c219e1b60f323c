"""Addresses of the buddies app, below the school's slug."""

from django.urls import path, register_converter

from school.converters import KeyConverter

from .views import connected, links, matches, newcomers, opinions, overview, pool, requests, signals, themes

register_converter(KeyConverter, "key")

app_name = "buddies"
urlpatterns = [
    path("signaleren/", signals.signal, name="signal"),
    path("signaleren/buddy/", signals.nominate, name="nominate"),
    path("signalen/mijn/", signals.own_signals, name="own_signals"),
    path("signalen/mijn/<key:pk>/besproken/", signals.discussed, name="discussed"),
    path("signalen/mijn/tip/<key:pk>/", signals.tip, name="tip"),
    path("signalen/", requests.requests, name="requests"),
    path("signalen/<key:pk>/", requests.request_detail, name="request"),
    path("signalen/<key:pk>/ouder/", requests.link_parent, name="link_parent"),
    path("signalen/<key:pk>/gegevens/", requests.edit_parent, name="edit_parent"),
    path("signalen/<key:pk>/onderwerp/", requests.choose_theme, name="choose_theme"),
    path("signalen/<key:pk>/besproken/", requests.discussed, name="request_discussed"),
    path("signalen/<key:pk>/sluiten/", requests.close, name="close_request"),
    path("signalen/<key:pk>/intrekken/", requests.withdraw, name="withdraw_search"),
    path("signalen/<key:pk>/match/", matches.find, name="find"),
    path("signalen/<key:pk>/match/oordeel/", opinions.judge, name="judge"),
    path("signalen/<key:pk>/match/niet-deze-twee/", opinions.keep_apart, name="keep_apart"),
    path(
        "signalen/<key:pk>/match/niet-deze-twee/<key:kept>/terug/", opinions.take_back, name="take_back_apart"
    ),
    path("koppelingen/", matches.matches, name="matches"),
    path("koppelingen/<key:pk>/", matches.match_detail, name="match"),
    path("koppelingen/<key:pk>/vraag-ouder/", matches.ask_parent, name="ask_parent"),
    path("koppelingen/<key:pk>/ouder-zegt/", matches.parent_answer, name="parent_answer"),
    path("koppelingen/<key:pk>/vraag-buddy/", matches.ask_buddy, name="ask_buddy"),
    path("koppelingen/<key:pk>/buddy-zegt/", matches.buddy_answer, name="buddy_answer"),
    path("koppelingen/<key:pk>/verbinden/", matches.connect, name="connect"),
    path("koppelingen/<key:pk>/alles-besproken/", matches.all_discussed, name="all_discussed"),
    path("koppelingen/<key:pk>/gaat-niet-door/", matches.did_not_proceed, name="did_not_proceed"),
    path("koppelingen/<key:pk>/terug/", matches.undo, name="undo"),
    path("koppelingen/<key:pk>/afronden/", connected.complete, name="complete"),
    path("koppelingen/<key:pk>/intrekken/<key:consent>/", connected.withdraw, name="withdraw_match_consent"),
    path("nabellen/<key:pk>/", connected.checkin, name="checkin"),
    path("buddys/", pool.buddies, name="buddies"),
    path("buddys/nieuw/", pool.add, name="add_buddy"),
    path("buddys/<key:pk>/", pool.buddy_detail, name="buddy"),
    path("buddys/<key:pk>/aanbod/", pool.edit_offer, name="edit_offer"),
    path("buddys/<key:pk>/gegevens/", pool.edit_parent, name="edit_buddy_parent"),
    path("buddys/<key:pk>/ouder/", pool.link_parent, name="link_buddy_parent"),
    path("buddys/<key:pk>/gevraagd/", pool.asked, name="buddy_asked"),
    path("buddys/<key:pk>/ja/", pool.record_offer, name="record_offer"),
    path("buddys/<key:pk>/opnemen/", pool.take_up, name="take_up_buddy"),
    path("buddys/<key:pk>/onderwerp/", pool.add_experience, name="add_experience"),
    path("buddys/<key:pk>/naam/", pool.name_consent, name="name_consent"),
    path("buddys/<key:pk>/achtergrond/", pool.background, name="background"),
    path("buddys/<key:pk>/pauze/", pool.pause, name="pause_buddy"),
    path("buddys/<key:pk>/stoppen/", pool.stop, name="stop_buddy"),
    path("buddys/<key:pk>/intrekken/<key:consent>/", pool.withdraw, name="withdraw_consent"),
    path("ouders/", pool.parents, name="parents"),
    path("koppelingen/<key:pk>/link/", links.make, name="make_link"),
    path("kleuters/", newcomers.cohort, name="newcomers"),
    path("kleuters/nieuw/", newcomers.add, name="add_newcomer"),
    path("kleuters/<key:pk>/", newcomers.offer, name="offer_newcomer"),
    path("kleuters/aanbod/<key:pk>/", newcomers.answer, name="newcomer_answer"),
    path("kleuters/aanbod/<key:pk>/terug/", newcomers.take_back, name="take_back_offer"),
    path("overzicht/", overview.overview, name="overview"),
    path("instellingen/koppelen/", opinions.weighing, name="weighing"),
    path("instellingen/onderwerpen/", themes.coordinators, name="coordinators"),
    path("instellingen/onderwerpen/lijst/", themes.themes, name="themes"),
    path("instellingen/onderwerpen/lijst/nieuw/", themes.add, name="add_theme"),
    path("instellingen/onderwerpen/lijst/<key:pk>/", themes.theme, name="theme"),
    path("instellingen/onderwerpen/lijst/<key:pk>/afschermen/", themes.close, name="close_theme"),
]
