"""The offices of our province's cities, by the domains they write from and the names they write under."""

from mailintake.model.rules import CityOffice, RuleSet


def is_of_city(domain: str, city: CityOffice) -> bool:
    """Is a mail domain the city office's, or below it?"""
    return bool(domain) and any(domain == own or domain.endswith(f".{own}") for own in city.domains)


def is_city_domain(domain: str, rules: RuleSet) -> bool:
    """Is it that of any city's office?"""
    return any(is_of_city(domain, city) for city in rules.office.cities)


def names_city_office(said: str, rules: RuleSet) -> bool:
    """Does a simplified name or signature call itself the office of one of the cities? One of another province hands
    in no file of ours, and asks what only a person answers (guide, list of addresses)."""
    words = rules.vocabulary.words
    called = any(name in said for name in words("city_office_names"))
    elsewhere = any(province in said for province in words("other_provinces"))
    return called and (words("provinces")[0] in said or not elsewhere)
