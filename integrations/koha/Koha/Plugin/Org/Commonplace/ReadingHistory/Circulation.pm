package Koha::Plugin::Org::Commonplace::ReadingHistory::Circulation;

# What one circulation action leaves in the queue: ids and calendar days, never a name, a title or a time.

use strict;
use warnings;

my %event_of = ( checkout => 'checkout', renewal => 'renewal', checkin => 'return' );

# Returns a queue row, or nothing where there is nothing to report.
#
# A return that Koha has anonymised already carries no patron, or the library's "anonymous patron": it is sent without
# one, and Commonplace knows the loan by the mark it keeps while the loan is out.
sub note {
    my ($circulation) = @_;
    my $event    = $event_of{ $circulation->{action} // q{} } or return;
    my $checkout = $circulation->{checkout}                   or return;
    my $patron   = _patron_of( $checkout->borrowernumber, $circulation->{anonymous_patron} );
    return if $event ne 'return' && !defined $patron;
    return if defined $patron && !_takes_part( $checkout, $circulation->{attribute} );
    return {
        event          => $event,
        issue_id       => $checkout->issue_id,
        borrowernumber => $patron,
        itemnumber     => $checkout->itemnumber,
        day            => _day_of( $event, $checkout ) // $circulation->{today},
        queued         => $circulation->{today},
        due            => $event eq 'return' ? undef : _day( $checkout->date_due ),
    };
}

sub _patron_of {
    my ( $borrowernumber, $anonymous_patron ) = @_;
    return unless $borrowernumber;
    return if $anonymous_patron && $borrowernumber == $anonymous_patron;
    return $borrowernumber;
}

# By default every loan is sent, so that nobody can tell from here who keeps a history.
sub _takes_part {
    my ( $checkout, $attribute ) = @_;
    return 1 unless defined $attribute && $attribute ne q{};
    my $patron = $checkout->patron                             or return 0;
    my $value  = $patron->get_extended_attribute($attribute) or return 0;
    return $value->attribute ? 1 : 0;
}

sub _day_of {
    my ( $event, $checkout ) = @_;
    return _day( $checkout->issuedate )  if $event eq 'checkout';
    return _day( $checkout->returndate ) if $event eq 'return';
    return _day( $checkout->lastreneweddate );
}

# Koha's dates are in the library's own time zone: the first ten characters are the calendar day.
sub _day {
    my ($stamp) = @_;
    return defined $stamp && $stamp =~ /^(\d{4}-\d{2}-\d{2})/ ? $1 : undef;
}

1;
