package Koha::Plugin::Org::Commonplace::ReadingHistory::Sender;

# Sends the queue to Commonplace in batches, erases what was taken, and keeps the rest for the next time.

use strict;
use warnings;

use HTTP::Tiny;
use JSON::PP;
use Time::Piece;
use Time::Seconds;

# Commonplace answers a batch at a planned time, which grows with its size.
my $batch_size      = 100;
my $timeout_seconds = 60;
my $most_batches    = 50;

sub new {
    my ( $class, $args ) = @_;
    return bless { %{$args} }, $class;
}

# { sent, refused, erased, waiting, why, sentence }. Never a title, a patron or a token: the sentence is shown to staff.
sub send_all {
    my ($self) = @_;
    my %report = ( sent => 0, refused => 0, erased => 0, why => undef );
    if ( my $why = $self->_unready ) {
        return _told( { %report, why => $why, waiting => $self->{queue}->count } );
    }
    if ( !$self->{queue}->lock ) {
        return _told( { %report, why => 'another sender is at work', waiting => $self->{queue}->count } );
    }
    my $done = eval {
        $report{erased} = $self->{queue}->erase_before( $self->_oldest_day_kept );
        for ( 1 .. $most_batches ) {
            my @rows = $self->{queue}->oldest($batch_size) or last;
            $report{why} = $self->_send_batch( \@rows, \%report );
            last if $report{why};
        }
        1;
    };
    my $broken = $done ? undef : 'the queue could not be read or written';
    $self->{queue}->unlock;
    return _told( { %report, why => $report{why} // $broken, waiting => $self->{queue}->count } );
}

sub _unready {
    my ($self) = @_;
    return 'no address is set' if $self->{address} eq q{};
    return 'no token is set'   if $self->{token} eq q{};
    return 'the address is neither https nor on this machine'
        unless $self->{address} =~ m{^(?:https://|http://(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$))};
    return;
}

sub _oldest_day_kept {
    my ($self) = @_;
    my $today = Time::Piece->strptime( $self->{today}, '%Y-%m-%d' );
    return ( $today - $self->{keep_days} * ONE_DAY )->ymd;
}

# Nothing when the batch is settled, otherwise why it is not. Rows that can't be told any more are erased unsent.
sub _send_batch {
    my ( $self, $rows, $report ) = @_;
    my ( @told, @untold );
    for my $row ( @{$rows} ) {
        my $event = $self->{loans}->event_of($row);
        if   ($event) { push @told,   [ $row->{id}, $event ] }
        else          { push @untold, $row->{id} }
    }
    if (@told) {
        my $answer = $self->_post( [ map { $_->[1] } @told ] );
        my ( $why, $refused ) = _settled( $answer, scalar @told );
        return $why if $why;
        $report->{refused} += $refused;
        $report->{sent} += @told - $refused;
    }
    $report->{erased} += @untold;
    $self->{queue}->erase( @untold, map { $_->[0] } @told );
    return;
}

sub _post {
    my ( $self, $events ) = @_;
    my $address = $self->{address} =~ s{/+$}{}r;
    my $http    = HTTP::Tiny->new( timeout => $timeout_seconds, verify_SSL => 1, max_redirect => 0 );
    return $http->post(
        "$address/api/loans/events",
        {
            headers => { 'content-type' => 'application/json', authorization => "Bearer $self->{token}" },
            content => JSON::PP->new->utf8->encode( { events => $events } ),
        }
    );
}

# 204: all were taken. 422: all but those it lists, which would be refused again. Anything else settles nothing.
sub _settled {
    my ( $answer, $count ) = @_;
    my $status = $answer->{status};
    return ( undef, 0 ) if $status == 204;
    if ( $status == 422 ) {
        my $problem = eval { JSON::PP->new->utf8->decode( $answer->{content} ) };
        my $listed  = ref $problem eq 'HASH' ? $problem->{malformed} : undef;
        return ( undef, scalar @{$listed} ) if ref $listed eq 'ARRAY' && @{$listed} <= $count;
    }
    return 'the token was refused' if $status == 401 || $status == 403;
    return 'Commonplace did not answer' if $status == 599;
    return "Commonplace answered $status";
}

sub _told {
    my ($report) = @_;
    my @parts = ("$report->{sent} sent");
    push @parts, "$report->{refused} refused as malformed and erased" if $report->{refused};
    push @parts, "$report->{erased} erased unsent"                     if $report->{erased};
    push @parts, "$report->{waiting} waiting";
    my $sentence = join( q{, }, @parts ) . q{.};
    $sentence .= " Stopped: $report->{why}." if $report->{why};
    return { %{$report}, sentence => $sentence };
}

1;
